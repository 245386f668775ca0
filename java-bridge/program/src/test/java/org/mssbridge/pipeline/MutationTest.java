package org.mssbridge.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.script.PacketScript;
import org.mssbridge.tshark.TsharkException;
import org.mssbridge.tshark.UnpackedTsharks;

/**
 * The sieve changes no result on captures that {@link CaptureMutator} makes of others. {@code make
 * fuzz MINUTES=60} goes on for as long, with every tshark at hand, and leaves what breaks the law,
 * made as small as it can, in {@code target/fuzz}; what is mended goes to the test resources.
 */
class MutationTest {
  private static final Path ROOT = Path.of(System.getProperty("mssbridge.root"));
  private static final Path RESOURCES = ROOT.resolve("java-bridge/program/src/test/resources");
  private static final int MOST_TRIALS = 100;

  @TempDir static Path folder;

  private static List<CaptureParts> seeds(Path... below) throws IOException {
    List<CaptureParts> seeds = new ArrayList<>();
    for (Path each : below) {
      if (Files.isDirectory(each)) {
        try (Stream<Path> files = Files.walk(each)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            CaptureParts.of(file).filter(c -> c.parts().size() > 1).ifPresent(seeds::add);
          }
        }
      }
    }
    return seeds;
  }

  private static SieveLaw law(String tshark) {
    try {
      return new SieveLaw(tshark);
    } catch (TsharkException e) {
      throw new AssertionError(e);
    }
  }

  static IntStream numbers() {
    return IntStream.range(0, 30);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void changesNothing(int number) throws IOException {
    List<CaptureParts> seeds =
        seeds(ROOT.resolve("examples/seed-20633"), RESOURCES.resolve("lab"), stories());
    CaptureParts capture = new CaptureMutator(new Random(number), seeds).capture();
    law("tshark").holds(Files.write(folder.resolve("mutant-" + number), capture.bytes()));
  }

  /** The captures of the stories whose formats and packets are the most unusual. */
  private static synchronized Path stories() throws IOException {
    Path captures = folder.resolve("stories");
    if (!Files.exists(captures)) {
      for (String name : List.of("formats", "ipv6", "pmtud.too-big", "port-reuse", "offload")) {
        Path own = Files.createDirectories(captures.resolve(name));
        PacketScript.parse(RESOURCES.resolve("cases").resolve(name + ".txt")).writeTo(own);
      }
    }
    return captures;
  }

  static Stream<Path> mended() throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES.resolve("mutants"))) {
      return files.sorted().toList().stream();
    }
  }

  /** Each of these broke the law once. */
  @ParameterizedTest
  @MethodSource("mended")
  void whatIsMendedStaysMended(Path mutant) throws IOException {
    law("tshark").holds(mutant);
  }

  @Tag("fuzz")
  @Test
  void fuzz() throws Exception {
    Duration time = Duration.ofMinutes(Long.getLong("mssbridge.fuzz.minutes", 60));
    long firstSeed = Long.getLong("mssbridge.fuzz.seed", System.nanoTime());
    List<CaptureParts> seeds =
        seeds(
            ROOT.resolve("examples"),
            RESOURCES.resolve("lab"),
            stories(),
            ROOT.resolve("../shared/captures"));
    List<SieveLaw> laws = programs().stream().map(MutationTest::law).toList();
    Path found = Files.createDirectories(ROOT.resolve("java-bridge/program/target/fuzz"));
    AtomicLong seed = new AtomicLong(firstSeed);
    AtomicInteger tried = new AtomicInteger();
    AtomicInteger sifted = new AtomicInteger();
    List<String> broken = Collections.synchronizedList(new ArrayList<>());
    long end = System.nanoTime() + time.toNanos();
    int workers = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = Executors.newFixedThreadPool(workers);
    List<Callable<Void>> work =
        Collections.nCopies(
            workers,
            () -> {
              while (System.nanoTime() < end) {
                long number = seed.getAndIncrement();
                CaptureParts mutant = new CaptureMutator(new Random(number), seeds).capture();
                for (SieveLaw law : laws) {
                  Outcome outcome = outcome(mutant, law);
                  sifted.addAndGet(outcome.isSifted() ? 1 : 0);
                  if (!outcome.broken().isEmpty()) {
                    String name = number + (mutant.isPcapng() ? ".pcapng" : ".pcap");
                    Files.write(found.resolve(name), smallest(mutant, law).bytes());
                    broken.add(name + " with " + law + ": " + outcome.broken());
                    System.err.println("fuzz: " + name + " breaks the law with " + law);
                    break;
                  }
                  if (tried.incrementAndGet() % 1000 == 0) {
                    System.err.printf(
                        "fuzz: %s tried, %s sifted, %d broken%n", tried, sifted, broken.size());
                  }
                }
              }
              return null;
            });
    for (Future<Void> ended : executor.invokeAll(work)) {
      ended.get();
    }
    executor.shutdown();
    System.err.printf("fuzz: %s tried, %s sifted, %d broken%n", tried, sifted, broken.size());
    assertThat(broken).as("what breaks the law; see %s", found).isEmpty();
    assertThat(sifted.get()).isPositive();
  }

  /**
   * What came of reading a capture in both ways.
   *
   * @param broken what differed; empty if nothing did
   */
  private record Outcome(boolean isSifted, String broken) {}

  private static Outcome outcome(CaptureParts capture, SieveLaw law) throws IOException {
    Path file = Files.createTempFile(folder, "mutant", "");
    try {
      return new Outcome(law.holds(Files.write(file, capture.bytes())).isSifted(), "");
    } catch (AssertionError e) {
      return new Outcome(false, e.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  private static List<String> programs() {
    List<String> programs = new ArrayList<>(List.of("tshark"));
    for (String version : List.of("3.4", "4.4", "4.6")) {
      Path program = UnpackedTsharks.program(version);
      if (Files.isExecutable(program)) {
        programs.add(program.toString());
      }
    }
    return programs;
  }

  /** Leaves out as many parts as possible such that the law stays broken. */
  private static CaptureParts smallest(CaptureParts mutant, SieveLaw law) throws IOException {
    CaptureParts smallest = mutant;
    int trials = 0;
    for (int size = mutant.parts().size() / 2; size >= 1; size /= 2) {
      int at = 0;
      while (at + size <= smallest.parts().size() && trials++ < MOST_TRIALS) {
        List<byte[]> fewer = new ArrayList<>(smallest.parts());
        fewer.subList(at, at + size).clear();
        CaptureParts smaller = smallest.with(fewer);
        if (outcome(smaller, law).broken().isEmpty()) {
          at += size;
        } else {
          smallest = smaller;
        }
      }
    }
    return smallest;
  }
}
