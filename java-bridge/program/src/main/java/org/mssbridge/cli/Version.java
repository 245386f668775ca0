package org.mssbridge.cli;

import picocli.CommandLine;

/** This program's version, as its jar's manifest tells it. */
final class Version implements CommandLine.IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"mssbridge " + text()};
  }
}
