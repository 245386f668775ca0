package org.mssbridge.pipeline;

/** Receives the progress of a run, from several threads. */
public interface ReadProgress extends AutoCloseable {
  /** What a run does, in this order. */
  enum Stage {
    /** Looks for several points in each file. */
    SPLITTING("looking for capture points"),
    READING("reading"),
    /** Pairs and aligns connections. */
    PAIRING("pairing"),
    RULES("rules"),
    WRITING("writing");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    /** The word for people. */
    public String label() {
      return label;
    }
  }

  /** The run has come to a stage. */
  void enter(Stage stage);

  /** A packet of {@code packetBytes} bytes was read. */
  void advance(int packetBytes);

  /** The run has ended. */
  @Override
  void close();

  /** Ignores all progress. */
  static ReadProgress none() {
    return new ReadProgress() {
      @Override
      public void enter(Stage stage) {}

      @Override
      public void advance(int packetBytes) {}

      @Override
      public void close() {}
    };
  }
}
