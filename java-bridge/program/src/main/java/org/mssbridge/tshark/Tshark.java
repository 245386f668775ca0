package org.mssbridge.tshark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mssbridge.model.Frame;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/**
 * A usable tshark: it was found, is recent enough, and has the post-dissector's script.
 *
 * @param program its path, or its name
 * @param sandbox what it runs in
 * @param version the version of the program
 * @param script the post-dissector {@code mss.lua}
 * @param patience how long tshark may print nothing before it counts as hanging
 * @param costs receives what each reading cost; empty where nobody asks
 */
public record Tshark(
    String program,
    Sandbox sandbox,
    TsharkVersion version,
    Path script,
    Duration patience,
    Optional<Consumer<ReadCost>> costs) {
  /** How tshark is told to read its standard input. */
  private static final String STANDARD_INPUT = "-";

  private static final int COPY_BYTES = 1 << 16;

  private static final int SIGHUP = 1;

  private static final int SIGTERM = 15;

  /** A signal for a group of processes reaches all of them within this time. */
  private static final long GROUP_SIGNAL_MILLIS = 1000;

  /** A status above this is the number of a signal plus 128. */
  private static final int KILLED_STATUS = 128;

  /**
   * Disabled dissectors: they find samples of packets in UDP, which were never on this wire
   * themselves. A tunnel or a mirror over UDP is another matter. tshark 3.4 to 4.6 knows each of
   * them. Nothing looks for packets in the data of a TCP connection; see {@link #arguments}.
   */
  private static final List<String> SAMPLERS = List.of("acdr", "cflow", "sflow");

  private static final Duration VERSION_PATIENCE = Duration.ofSeconds(20);

  /**
   * Finds a tshark and checks that it can be used, without a sandbox.
   *
   * @param program a path, or a name to look up in {@code PATH}
   * @param script the post-dissector {@code mss.lua}
   * @param patience how long it may print nothing while it reads a capture
   * @throws TsharkException if there is no tshark, it does not start, or it is older than 3.4
   */
  public static Tshark find(String program, Path script, Duration patience) throws TsharkException {
    return find(program, script, patience, Sandbox.Mode.OFF);
  }

  /**
   * Finds a tshark and checks that it can be used in a sandbox.
   *
   * @param program a path, or a name to look up in {@code PATH}
   * @param script the post-dissector {@code mss.lua}
   * @param patience how long it may print nothing while it reads a capture
   * @param mode whether it must run in a sandbox
   * @throws TsharkException if there is no tshark, it does not start, it is older than 3.4, or a
   *     sandbox is required and none is possible
   */
  public static Tshark find(String program, Path script, Duration patience, Sandbox.Mode mode)
      throws TsharkException {
    return find(program, script, patience, mode, KnownVersions.inCache());
  }

  static Tshark find(
      String program, Path script, Duration patience, Sandbox.Mode mode, KnownVersions known)
      throws TsharkException {
    if (!Files.isReadable(script)) {
      throw new TsharkException(
          Printable.of(script) + ": the post-dissector is missing; install mssbridge again");
    }
    if (mode != Sandbox.Mode.OFF) {
      for (Sandbox sandbox : Sandbox.candidates()) {
        Optional<TsharkVersion> version = versionIn(sandbox, program, known);
        if (version.isPresent()) {
          return checked(program, sandbox, version.get(), script, patience);
        }
      }
    }
    TsharkVersion version = version(program, known);
    if (mode == Sandbox.Mode.REQUIRE) {
      throw new TsharkException(
          Printable.of(program)
              + ": no sandbox is possible here; install bubblewrap, or allow user namespaces, or"
              + " leave out --sandbox require");
    }
    Sandbox none = isSkippingScripts(version) ? Sandbox.NO_ROOT : Sandbox.NONE;
    return checked(program, none, version, script, patience);
  }

  private static TsharkVersion version(String program, KnownVersions known) throws TsharkException {
    Optional<TsharkVersion> kept = known.find(program, Sandbox.NONE);
    if (kept.isPresent()) {
      return kept.get();
    }
    Child.Result result = versionOf(program);
    TsharkVersion told =
        TsharkVersion.parse(result.output())
            .orElseThrow(
                () ->
                    new TsharkException(
                        Printable.of(program)
                            + ": is not tshark; it said: "
                            + firstWords(result)
                            + "; name one with --tshark PATH"));
    known.keep(program, Sandbox.NONE, told);
    return told;
  }

  static Optional<TsharkVersion> versionIn(Sandbox sandbox, String program, KnownVersions known) {
    try {
      Optional<TsharkVersion> kept = known.find(program, sandbox);
      // Whether a sandbox is possible may change, and takes no time to see.
      if (kept.isPresent() && runIn(sandbox, "true").status() == 0) {
        return kept;
      }
      Optional<TsharkVersion> told =
          TsharkVersion.parse(runIn(sandbox, program, "--version").output());
      told.ifPresent(version -> known.keep(program, sandbox, version));
      return told;
    } catch (IOException e) {
      return Optional.empty(); // What makes the sandbox is not installed.
    }
  }

  private static Child.Result runIn(Sandbox sandbox, String... command) throws IOException {
    return Child.run(
        sandbox.around(List.of(command)), Map.of("LC_ALL", "C.UTF-8"), VERSION_PATIENCE);
  }

  private static Tshark checked(
      String program, Sandbox sandbox, TsharkVersion version, Path script, Duration patience)
      throws TsharkException {
    if (version.isBefore(TsharkVersion.OLDEST)) {
      throw new TsharkException(
          Printable.of(program)
              + ": is tshark "
              + version.text()
              + ", older than 3.4; install a newer one or name it with --tshark PATH");
    }
    return new Tshark(program, sandbox, version, script, patience, Optional.empty());
  }

  /** The program with what it runs in before it. */
  public List<String> command() {
    return sandbox.around(List.of(program));
  }

  /** Whether it silently skips this user's scripts, when it is not in a namespace of its own. */
  boolean skipsScripts() {
    return isSkippingScripts(version);
  }

  /** The same tshark, which says what each reading costs. */
  public Tshark reportingCosts(Consumer<ReadCost> receiver) {
    return new Tshark(program, sandbox, version, script, patience, Optional.of(receiver));
  }

  /**
   * What this tshark says of a display filter that it does not take; empty if it takes it.
   *
   * @throws TsharkException if it could not be run
   */
  public Optional<String> complaintAbout(String displayFilter) throws TsharkException {
    try (Leftover folder = Leftover.temporary();
        Configuration configuration = Configuration.create()) {
      String empty = Files.createFile(folder.path().resolve("empty.pcap")).toString();
      List<String> filtering = arguments(empty, Optional.of(displayFilter), true);
      Child.Result result =
          Child.run(sandbox.around(filtering), configuration.environment(), VERSION_PATIENCE);
      if (result.status() == 0) {
        return Optional.empty();
      }
      // What fails without the filter, too, is said when the captures are read.
      List<String> plain = arguments(empty, Optional.empty(), true);
      return Child.run(sandbox.around(plain), configuration.environment(), VERSION_PATIENCE)
                  .status()
              == 0
          ? Optional.of(firstComplaint(result.complaint()))
          : Optional.empty();
    } catch (IOException e) {
      throw new TsharkException(
          Printable.of(program) + ": could not be run: " + Printable.of(e.getMessage()), e);
    }
  }

  /** The first line that tshark gives its name to; the lines after it mark the place. */
  private static String firstComplaint(String words) {
    String own = "tshark: ";
    String line = words.substring(Math.max(0, words.indexOf(own))).split(" / ", 2)[0];
    return line.startsWith(own) ? line.substring(own.length()) : line;
  }

  private static Child.Result versionOf(String program) throws TsharkException {
    try {
      return Child.run(
          List.of(program, "--version"), Map.of("LC_ALL", "C.UTF-8"), VERSION_PATIENCE);
    } catch (IOException e) {
      throw new TsharkException(
          Printable.of(program)
              + ": cannot be started; install tshark (Debian: apt-get install tshark, macOS: brew"
              + " install wireshark) or name it with --tshark PATH",
          e);
    }
  }

  private static String firstWords(Child.Result result) {
    String words = result.output().isBlank() ? result.complaint() : result.output();
    String line = words.strip().lines().findFirst().orElse("nothing");
    return Printable.of(line.length() > 120 ? line.substring(0, 120) + "…" : line);
  }

  /** From 4.1 on, tshark loads no script as root. */
  private static boolean isSkippingScripts(TsharkVersion version) {
    return "root".equals(System.getProperty("user.name")) && version.skipsScriptsAsRoot();
  }

  /**
   * Reads a capture. One of another file system than the default one, which tshark knows nothing
   * of, is passed through its standard input, as is one that tshark could not open in its sandbox.
   *
   * @param capture the file
   * @param displayFilter reads only the frames that match it; empty for all frames
   * @param sink receives every frame, in order; see {@link Frame}
   * @param cancellation ends the process from another thread
   * @throws TsharkException if tshark fails, hangs, is killed, or did not load the post-dissector
   */
  public CaptureSummary read(
      Path capture, Optional<String> displayFilter, FrameSink sink, Cancellation cancellation)
      throws TsharkException {
    CaptureCheck.check(capture);
    FrameStream stream = new FrameStream(sink);
    if (capture.getFileSystem().equals(FileSystems.getDefault()) && !isOthers(capture)) {
      List<String> arguments = arguments(capture.toAbsolutePath().toString(), displayFilter, true);
      return run(capture, arguments, (input, heartbeat) -> {}, stream, cancellation);
    }
    List<String> arguments = arguments(STANDARD_INPUT, displayFilter, true);
    return run(
        capture,
        arguments,
        (input, heartbeat) -> copy(capture, input, heartbeat),
        stream,
        cancellation);
  }

  /** Whether only the rights of root open it, which are no rights in a user namespace. */
  private boolean isOthers(Path capture) throws TsharkException {
    if (sandbox.prefix().isEmpty()) {
      return false;
    }
    try {
      return !Files.getOwner(capture).getName().equals(System.getProperty("user.name"));
    } catch (IOException e) {
      throw new TsharkException(Printable.of(capture) + ": " + Printable.of(e.getMessage()), e);
    }
  }

  private static void copy(Path capture, OutputStream input, Runnable heartbeat)
      throws IOException {
    byte[] bytes = new byte[COPY_BYTES];
    try (InputStream content = Files.newInputStream(capture)) {
      int read;
      while ((read = content.read(bytes)) >= 0) {
        heartbeat.run();
        input.write(bytes, 0, read);
      }
    }
  }

  /**
   * Reads a capture, or a part of one, from a feed instead of from its file.
   *
   * @param capture the file, named in error messages
   * @param feed writes the capture to tshark
   * @param sink receives every frame, in order; see {@link Frame}
   * @param cancellation ends the process from another thread
   * @throws TsharkException if tshark fails, hangs, is killed, or did not load the post-dissector
   */
  public CaptureSummary read(
      Path capture, Feed feed, Consumer<Frame> sink, Cancellation cancellation)
      throws TsharkException {
    FrameStream stream = new FrameStream((number, frame) -> sink.accept(frame));
    // Who feeds the frames has counted them.
    List<String> arguments = arguments(STANDARD_INPUT, Optional.empty(), false);
    return run(capture, arguments, feed::writeTo, stream, cancellation);
  }

  /**
   * A summary for a whole capture of which tshark was given nothing, so that it was not started.
   */
  public CaptureSummary unasked() {
    return new CaptureSummary(true, "", arguments(STANDARD_INPUT, Optional.empty(), false));
  }

  private CaptureSummary run(
      Path capture,
      List<String> arguments,
      Child.InputWriter writer,
      FrameStream stream,
      Cancellation cancellation)
      throws TsharkException {
    try (Configuration configuration = Configuration.create()) {
      Optional<ChildMeter> meter = costs.map(receiver -> new ChildMeter());
      Child.OutputReader reader = stream::read;
      Child.Ending ending =
          Child.stream(
              sandbox.around(arguments),
              configuration.environment(),
              patience,
              meter.map(m -> m.measuredWriter(writer)).orElse(writer),
              meter.map(m -> m.measuredReader(reader)).orElse(reader),
              cancellation,
              process -> meter.ifPresent(m -> m.watch(process)));
      meter.ifPresent(m -> costs.orElseThrow().accept(m.cost(stream.frames())));
      return judge(capture, arguments, stream, ending);
    } catch (IOException e) {
      throw new TsharkException(
          Printable.of(program) + ": could not be run: " + Printable.of(e.getMessage()), e);
    }
  }

  private List<String> arguments(String input, Optional<String> displayFilter, boolean isNumbered) {
    List<String> arguments = new ArrayList<>(List.of(program));
    arguments.addAll(List.of("-n", "-r", input));
    for (String preference :
        List.of(
            "tcp.desegment_tcp_streams:FALSE",
            "tcp.try_heuristic_first:TRUE", // Else the port's dissector, before the script's.
            "tcp.relative_sequence_numbers:FALSE",
            "tcp.calculate_timestamps:FALSE",
            "tcp.no_subdissector_on_error:FALSE", // Else it depends on the frames before.
            "tcp.check_checksum:TRUE")) {
      arguments.addAll(List.of("-o", preference));
    }
    SAMPLERS.forEach(protocol -> arguments.addAll(List.of("--disable-protocol", protocol)));
    arguments.addAll(List.of("-X", "lua_script:" + script.toAbsolutePath()));
    // Many protocols can hold packets, which no list of them could keep up with; and what tshark
    // sees in a segment must not depend on the segments before it, which the sieve may keep.
    arguments.addAll(List.of("-X", "lua_script1:opaque-payload"));
    if (!isNumbered) {
      // The sieve compares a share of what it read; else nobody looks at it.
      arguments.addAll(List.of("-X", "lua_script1:udp-ends"));
    }
    // No other field of the post-dissector is needed, and the rest would dominate the time spent on
    // handshakes.
    arguments.addAll(List.of("-o", "mss.digests_only:TRUE"));
    displayFilter.ifPresent(filter -> arguments.addAll(List.of("-Y", filter)));
    arguments.addAll(List.of("-T", "ek"));
    for (EkField field : EkField.values()) {
      if (isNumbered || field != EkField.FRAME_NUMBER) {
        arguments.addAll(List.of("-e", field.filterName()));
      }
    }
    return arguments;
  }

  private CaptureSummary judge(
      Path capture, List<String> arguments, FrameStream stream, Child.Ending ending)
      throws TsharkException {
    String words = ending.words().inOneLine();
    String name = Printable.of(capture);
    if (ending.stalled()) {
      throw new TsharkException(
          name
              + ": tshark printed nothing for "
              + patience.toSeconds()
              + " s and was ended; try the file in Wireshark. "
              + words,
          true,
          false);
    }
    if (!stream.luaError().isEmpty()) {
      throw new TsharkException(
          Printable.of(script) + ": failed in tshark: " + Printable.of(stream.luaError()));
    }
    if (ending.status() == 0 && stream.failure().isEmpty()) {
      return new CaptureSummary(true, words, arguments);
    }
    if (saysDamaged(ending)) {
      return new CaptureSummary(false, words, arguments);
    }
    if (words.contains("aren't valid") && words.contains("mss.")) {
      throw new TsharkException(
          Printable.of(script) + ": tshark did not load the post-dissector; it said: " + words);
    }
    if (isEndedFromOutside(ending, words)) {
      awaitOwnEnd();
    }
    throw new TsharkException(
        name + ": " + reason(stream, ending, words),
        ending.status() > KILLED_STATUS,
        isInterrupted(ending, words));
  }

  /** Whether a signal ended tshark that a terminal or a system sends to a whole group. */
  private static boolean isEndedFromOutside(Child.Ending ending, String words) {
    return isInterrupted(ending, words)
        || ending.status() == KILLED_STATUS + SIGHUP
        || ending.status() == KILLED_STATUS + SIGTERM;
  }

  /**
   * The signal that ended tshark may be for this program as well, and reach it a moment later: then
   * it ends here, and says nothing of a capture that nothing is wrong with.
   */
  private static void awaitOwnEnd() {
    try {
      Thread.sleep(GROUP_SIGNAL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** tshark catches the signal of Ctrl-C: then it ends with status 2 and says nothing. */
  private static boolean isInterrupted(Child.Ending ending, String words) {
    return ending.status() == Child.INTERRUPTED || (ending.status() == 2 && words.isEmpty());
  }

  private static String reason(FrameStream stream, Child.Ending ending, String words) {
    if (ending.status() == 0) {
      return "tshark's output could not be read: " + Printable.of(stream.failure());
    }
    return "tshark could not read it (status "
        + ending.status()
        + (ending.status() > KILLED_STATUS ? ", killed" : "")
        + (words.isEmpty() ? "; it said nothing" : "): " + words)
        + (words.isEmpty() ? ")" : "");
  }

  /**
   * Whether tshark reports a truncated or damaged file (status 2 or 14), after it has printed the
   * whole packets before the damage.
   */
  private static boolean saysDamaged(Child.Ending ending) {
    String words = ending.words().whole().toLowerCase(Locale.ROOT);
    return (ending.status() == 2 || ending.status() == 14)
        && (words.contains("cut short") || words.contains("damaged or corrupt"));
  }
}
