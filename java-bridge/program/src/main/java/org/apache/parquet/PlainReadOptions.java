package org.apache.parquet;

import java.util.Map;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.format.converter.ParquetMetadataConverter;

/**
 * How to read whole files of Parquet without Hadoop. It is in this package because Parquet's own
 * builder needs classes of Hadoop for codecs that are then not used, and the constructor is not
 * public.
 */
public final class PlainReadOptions extends ParquetReadOptions {
  private static final int MOST_ALLOCATED_BYTES = 8 << 20;

  /** Reads all rows, with these codecs. */
  public PlainReadOptions(CompressionCodecFactory codecs) {
    super(
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        FilterCompat.NOOP,
        ParquetMetadataConverter.NO_FILTER,
        codecs,
        new HeapByteBufferAllocator(),
        MOST_ALLOCATED_BYTES,
        Map.of(),
        null,
        null,
        new PlainParquetConfiguration());
  }
}
