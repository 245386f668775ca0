package org.mssbridge.packets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.mssbridge.casefile.CaseTable;
import org.mssbridge.casefile.CaseTable.Column;
import org.mssbridge.casefile.CsvCell;
import org.mssbridge.casefile.ParquetRows;
import org.mssbridge.casefile.Times;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.Outputs;
import org.mssbridge.output.ScratchFolder;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;

/**
 * A table with a row for each packet at each capture point: CSV, newline-delimited JSON or Parquet,
 * by the ending of the file's name.
 */
public final class PacketTable implements Sink {
  private static final List<Column> COLUMNS = PacketRow.TABLE.columns();

  /** The formats, by ending. */
  private enum Format {
    CSV {
      @Override
      void write(Evidence evidence, OutputStream out, Path place) throws IOException {
        Writer csv = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        CSVFormat.RFC4180.printRecord(csv, COLUMNS.stream().map(Column::name).toArray());
        PacketRows.each(
            evidence,
            row -> {
              Object[] values = row.values();
              for (int i = 0; i < values.length; i++) {
                values[i] = shown(COLUMNS.get(i), values[i]);
                if (values[i] instanceof String text) {
                  values[i] = CsvCell.harmless(text);
                }
              }
              CSVFormat.RFC4180.printRecord(csv, values);
            });
        csv.flush();
      }
    },
    NDJSON {
      @Override
      void write(Evidence evidence, OutputStream out, Path place) throws IOException {
        // Escaped, marks that change the text direction stay visible in any viewer.
        JsonFactory factory =
            new JsonFactoryBuilder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
        try (JsonGenerator json = factory.createGenerator(out)) {
          json.setRootValueSeparator(null);
          PacketRows.each(evidence, row -> write(row.values(), json));
        }
      }

      private void write(Object[] values, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < values.length; i++) {
          json.writeFieldName(COLUMNS.get(i).name());
          Object value = shown(COLUMNS.get(i), values[i]);
          if (value == null) {
            json.writeNull();
          } else if (value instanceof Long number) {
            json.writeNumber(number);
          } else if (value instanceof Double number) {
            json.writeNumber(number);
          } else {
            json.writeString((String) value);
          }
        }
        json.writeEndObject();
        json.writeRaw('\n');
      }
    },
    PARQUET {
      @Override
      void write(Evidence evidence, OutputStream out, Path place) throws IOException {
        try (ScratchFolder scratch = ScratchFolder.beside(place)) {
          Path file = scratch.path().resolve("packets");
          try (ParquetRows rows = new ParquetRows(file, PacketRow.TABLE)) {
            PacketRows.each(evidence, row -> rows.add(row.values()));
          }
          Files.copy(file, out);
        }
      }
    };

    /**
     * Writes the table.
     *
     * @param place where the file will be
     */
    abstract void write(Evidence evidence, OutputStream out, Path place) throws IOException;

    String ending() {
      return "." + name().toLowerCase(Locale.ROOT);
    }

    static Optional<Format> of(Path place) {
      String name = String.valueOf(place.getFileName()).toLowerCase(Locale.ROOT);
      return List.of(values()).stream().filter(f -> name.endsWith(f.ending())).findFirst();
    }
  }

  /** Times as texts; Parquet has a type for them. */
  private static Object shown(Column column, Object value) {
    return column.type() == CaseTable.Type.TIME && value != null
        ? Times.ofNanos((Long) value)
        : value;
  }

  @Override
  public String name() {
    return "packets";
  }

  @Override
  public String description() {
    return "write a table of all packets at all points: .csv, .ndjson or .parquet";
  }

  @Override
  public void check(Path place, Map<CapturePoint, Path> captures, OutputFiles files)
      throws OutputException {
    if (Format.of(place).isEmpty()) {
      String endings =
          List.of(Format.values()).stream().map(Format::ending).collect(Collectors.joining(", "));
      throw new OutputException(
          Printable.of(place) + ": which format is not clear; name a file that ends in " + endings);
    }
    files.check(place);
  }

  @Override
  public void write(Report report, Path place, OutputFiles files, Outputs outputs) {
    Format format = Format.of(place).orElseThrow();
    outputs.write(() -> files.write(place, out -> format.write(report.evidence(), out, place)));
  }
}
