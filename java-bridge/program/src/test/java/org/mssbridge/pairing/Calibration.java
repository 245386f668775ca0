package org.mssbridge.pairing;

import java.util.Locale;
import java.util.stream.LongStream;

/** How often pairs are right, by the confidence that they are reported with. */
final class Calibration {
  private static final double[] FROM = {0, 0.9, 0.95, 0.99, 0.999};

  private final int worlds;
  private final int[] pairs = new int[FROM.length];
  private final int[] wrong = new int[FROM.length];
  private int shared;
  private int found;

  private Calibration(int worlds) {
    this.worlds = worlds;
  }

  /** Pairs the captures of many {@link Crowd}s. */
  static Calibration of(long firstSeed, int worlds) {
    Calibration calibration = new Calibration(worlds);
    LongStream.range(firstSeed, firstSeed + worlds)
        .forEach(seed -> calibration.add(Crowd.of(seed)));
    return calibration;
  }

  private void add(Crowd.Captures captures) {
    shared += captures.shared();
    for (ConnectionMatch match :
        new ConnectionMatcher(captures.near(), captures.far()).match().matches()) {
      int band = FROM.length - 1;
      while (match.confidence() < FROM[band]) {
        band--;
      }
      pairs[band]++;
      boolean right = match.first().stream() == match.second().stream();
      wrong[band] += right ? 0 : 1;
      found += right ? 1 : 0;
    }
  }

  /** The share of wrong pairs among those of that confidence or more. */
  double wrongShare(double confidence) {
    int all = 0;
    int bad = 0;
    for (int band = 0; band < FROM.length; band++) {
      if (FROM[band] >= confidence) {
        all += pairs[band];
        bad += wrong[band];
      }
    }
    return all == 0 ? 0 : (double) bad / all;
  }

  double recall() {
    return (double) found / shared;
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    for (int band = FROM.length - 1; band >= 0; band--) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %.3f or more | %d | %d | %.2f %% |%n",
              FROM[band],
              pairs[band],
              wrong[band],
              100.0 * (pairs[band] - wrong[band]) / Math.max(1, pairs[band])));
    }
    return table + String.format(Locale.ROOT, "%d of %d found in %d worlds", found, shared, worlds);
  }

  /** Prints the table of the documentation. */
  public static void main(String[] args) {
    System.out.println(of(Long.parseLong(args[0]), Integer.parseInt(args[1])));
  }
}
