package org.mssbridge.casefile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.parquet.PlainReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads the rows of a table from a Parquet file that {@link ParquetRows} wrote. */
final class ParquetFile implements Closeable {
  private final ParquetFileReader reader;
  private final CaseTable table;
  private final MessageType message;

  /** Receives a row, in the order of the columns, as {@link ParquetRows#add} takes it. */
  interface RowSink {
    void accept(Object[] row) throws IOException;
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it is no Parquet file, or one of another table or version; the message
   *     says which
   */
  ParquetFile(Path file, CaseTable table) throws IOException {
    this.table = table;
    this.message = ParquetRows.message(table);
    try {
      reader =
          ParquetFileReader.open(new LocalInputFile(file), new PlainReadOptions(new ZstdCodec()));
    } catch (RuntimeException e) {
      throw new IOException("is no file of Parquet", e);
    }
    try {
      check(reader.getFileMetaData().getKeyValueMetaData());
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  private void check(Map<String, String> metadata) throws IOException {
    String version = metadata.get(ParquetRows.SCHEMA_KEY);
    if (version == null) {
      throw new IOException("is not of a case");
    }
    if (!version.equals(String.valueOf(Schema.VERSION))) {
      throw new IOException(
          "has schema " + version + ", and this version of mssbridge reads " + Schema.VERSION);
    }
    if (!hasColumns(reader.getFileMetaData().getSchema())) {
      throw new IOException("has not the columns of the table " + table.name());
    }
  }

  /** Versions of Parquet differ in how they order real numbers, which matters to no row. */
  private boolean hasColumns(MessageType other) {
    if (other.getFieldCount() != message.getFieldCount()) {
      return false;
    }
    for (int i = 0; i < message.getFieldCount(); i++) {
      Type own = message.getType(i);
      Type found = other.getType(i);
      if (!found.isPrimitive()
          || !found.getName().equals(own.getName())
          || !found.isRepetition(own.getRepetition())
          || !Objects.equals(found.getLogicalTypeAnnotation(), own.getLogicalTypeAnnotation())
          || found.asPrimitiveType().getPrimitiveTypeName()
              != own.asPrimitiveType().getPrimitiveTypeName()) {
        return false;
      }
    }
    return true;
  }

  /** Reads all rows, in the order of the file. */
  void each(RowSink sink) throws IOException {
    try {
      PageReadStore pages;
      while ((pages = reader.readNextRowGroup()) != null) {
        RecordReader<Object[]> rows =
            new ColumnIOFactory().getColumnIO(message).getRecordReader(pages, new Rows(message));
        for (long i = 0; i < pages.getRowCount(); i++) {
          sink.accept(rows.read());
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("is damaged", e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Makes a row of its values. */
  private static final class Rows extends RecordMaterializer<Object[]> {
    private final Root root;

    Rows(MessageType message) {
      root = new Root(message);
    }

    @Override
    public Object[] getCurrentRecord() {
      return root.row;
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }

  private static final class Root extends GroupConverter {
    private final List<Converter> cells;
    private Object[] row = new Object[0];

    Root(MessageType message) {
      cells =
          IntStream.range(0, message.getFieldCount())
              .mapToObj(
                  i ->
                      (Converter)
                          new Cell(i, message.getType(i).getLogicalTypeAnnotation() == null))
              .toList();
    }

    @Override
    public Converter getConverter(int field) {
      return cells.get(field);
    }

    @Override
    public void start() {
      row = new Object[cells.size()];
    }

    @Override
    public void end() {
      // The row is taken by getCurrentRecord.
    }

    private final class Cell extends PrimitiveConverter {
      private final int column;
      private final boolean isBytes;

      Cell(int column, boolean isBytes) {
        this.column = column;
        this.isBytes = isBytes;
      }

      @Override
      public void addBinary(Binary value) {
        row[column] = isBytes ? value.getBytes() : value.toStringUsingUTF8();
      }

      @Override
      public void addLong(long value) {
        row[column] = value;
      }

      @Override
      public void addDouble(double value) {
        row[column] = value;
      }
    }
  }
}
