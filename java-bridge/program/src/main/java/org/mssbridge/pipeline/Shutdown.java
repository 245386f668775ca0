package org.mssbridge.pipeline;

/** Whether this JVM was told to end, by Ctrl-C for example: then failures mean nothing. */
public final class Shutdown {
  private Shutdown() {}

  /** It refuses new hooks then. */
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
