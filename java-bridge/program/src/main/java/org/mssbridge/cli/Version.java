package org.mssbridge.cli;

import picocli.CommandLine;

/** The program's version, from the manifest of its jar. */
public final class Version implements CommandLine.IVersionProvider {
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"mssbridge " + text()};
  }
}
