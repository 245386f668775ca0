package org.mssbridge.casefile;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * Writes rows of a table as a Parquet file, compressed with ZSTD. The same rows give the same
 * bytes.
 *
 * <p>Parquet's own writer names classes of Hadoop in its methods, but uses none with the
 * configuration and the codec that it gets here: Hadoop is needed to compile, not to run.
 */
public final class ParquetRows implements Closeable {
  /** In the metadata of each file. */
  static final String SCHEMA_KEY = "mssbridge.case.schema";

  /** A reader's unit of work; the writer keeps as much in memory. */
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private final ParquetWriter<Object[]> writer;

  /** Creates the file, which must not exist. */
  public ParquetRows(Path file, CaseTable table) throws IOException {
    writer =
        new Builder(new LocalOutputFile(file), message(table))
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withCodecFactory(new ZstdCodec())
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  /**
   * Adds a row.
   *
   * @param row {@link Long} for integers and times (nanoseconds since 1970), {@link Double}, {@link
   *     String}, an array of bytes or null, in the order of the columns
   */
  public void add(Object[] row) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** The columns as Parquet has them. */
  static MessageType message(CaseTable table) {
    return new MessageType(table.name(), table.columns().stream().map(ParquetRows::field).toList());
  }

  private static Type field(CaseTable.Column column) {
    Repetition repetition = column.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    return switch (column.type()) {
      case INTEGER -> Types.primitive(INT64, repetition).named(column.name());
      case REAL -> Types.primitive(DOUBLE, repetition).named(column.name());
      case TEXT -> Types.primitive(BINARY, repetition).as(stringType()).named(column.name());
      case BLOB -> Types.primitive(BINARY, repetition).named(column.name());
      case TIME ->
          Types.primitive(INT64, repetition)
              .as(timestampType(true, TimeUnit.NANOS))
              .named(column.name());
    };
  }

  private static final class Builder extends ParquetWriter.Builder<Object[], Builder> {
    private final MessageType message;

    Builder(OutputFile file, MessageType message) {
      super(file);
      this.message = message;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Object[]> getWriteSupport(ParquetConfiguration configuration) {
      return new RowSupport(message);
    }

    @Override
    @SuppressWarnings("deprecation") // It is abstract.
    protected WriteSupport<Object[]> getWriteSupport(Configuration configuration) {
      throw new UnsupportedOperationException("no configuration of Hadoop is used");
    }
  }

  /** Writes a row value by value. */
  private static final class RowSupport extends WriteSupport<Object[]> {
    private final MessageType message;
    private RecordConsumer consumer;

    RowSupport(MessageType message) {
      this.message = message;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(message, Map.of(SCHEMA_KEY, String.valueOf(Schema.VERSION)));
    }

    @Override
    @SuppressWarnings("deprecation") // It is abstract.
    public WriteContext init(Configuration configuration) {
      throw new UnsupportedOperationException("no configuration of Hadoop is used");
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Object[] row) {
      consumer.startMessage();
      for (int i = 0; i < row.length; i++) {
        if (row[i] != null) {
          consumer.startField(message.getFieldName(i), i);
          writeValue(row[i]);
          consumer.endField(message.getFieldName(i), i);
        }
      }
      consumer.endMessage();
    }

    private void writeValue(Object value) {
      if (value instanceof Long number) {
        consumer.addLong(number);
      } else if (value instanceof Double number) {
        consumer.addDouble(number);
      } else if (value instanceof byte[] bytes) {
        consumer.addBinary(Binary.fromConstantByteArray(bytes));
      } else {
        consumer.addBinary(Binary.fromString((String) value));
      }
    }
  }
}
