package org.mssbridge.casefile;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses and decompresses pages of Parquet with ZSTD; Parquet's own codec needs Hadoop. */
final class ZstdCodec implements CompressionCodecFactory {
  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName name) {
    return new Compressor();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    return new Decompressor();
  }

  @Override
  public void release() {
    // Each page has released its own.
  }

  private static final class Compressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(compressed)) {
        page.writeAllTo(zstd);
      }
      return BytesInput.from(compressed.toByteArray());
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
      // Each page has released its own.
    }
  }

  private static final class Decompressor implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput page, int decompressedSize) throws IOException {
      return BytesInput.from(bytes(page, decompressedSize));
    }

    @Override
    public void decompress(
        ByteBuffer page, int compressedSize, ByteBuffer decompressed, int decompressedSize)
        throws IOException {
      decompressed.put(bytes(BytesInput.from(page), decompressedSize));
    }

    private static byte[] bytes(BytesInput page, int size) throws IOException {
      try (ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(page.toInputStream())) {
        return zstd.readNBytes(size);
      }
    }

    @Override
    public void release() {
      // Each page has released its own.
    }
  }
}
