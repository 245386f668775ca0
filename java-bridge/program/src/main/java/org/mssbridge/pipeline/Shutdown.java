package org.mssbridge.pipeline;

/** Whether this JVM is shutting down, after Ctrl-C for example: failures are then meaningless. */
public final class Shutdown {
  private Shutdown() {}

  /** Whether it is shutting down; a JVM that does refuses new shutdown hooks. */
  public static boolean isUnderWay() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
