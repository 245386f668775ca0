package org.mssbridge.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A story about connections seen at several capture points. It writes the capture of each point and
 * has the findings expected from comparing them. The grammar is in {@code README.md}.
 */
public final class PacketScript {
  private final ScriptParser parsed;
  private final Devices devices;
  private final Map<ScriptPoint, List<ScriptSighting>> sightings = new LinkedHashMap<>();
  private final List<Expectation> expectations = new ArrayList<>();

  private PacketScript(ScriptParser parsed) {
    this.parsed = parsed;
    this.devices = new Devices(List.copyOf(parsed.changes));
    parsed.points.forEach(point -> sightings.put(point, new ArrayList<>()));
    collectSightings();
    for (ScriptWords words : parsed.expectations) {
      expectations.add(Expectation.take(words, parsed.points, this::framesOf));
    }
  }

  /**
   * Reads a script.
   *
   * @throws ScriptException if it cannot be understood, with the file and the line
   */
  public static PacketScript parse(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (ScriptException e) {
      throw new ScriptException(file, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a script from a string.
   *
   * @throws ScriptException if it cannot be understood, with the line
   */
  public static PacketScript parse(String text) {
    ScriptParser parser = new ScriptParser();
    parser.parse(text);
    return new PacketScript(parser);
  }

  private void collectSightings() {
    List<ScriptSighting> all = new ArrayList<>(parsed.noise);
    Map<String, Journey> labelled = new HashMap<>();
    for (ScriptedPacket packet : parsed.packets) {
      Journey journey = Journey.of(devices, packet);
      all.addAll(journey.sightings());
      if (packet.label != null) {
        labelled.put(packet.label, journey);
      }
    }
    for (ScriptedIcmpError error : parsed.icmpErrors) {
      Journey quoted = labelled.get(error.quoting());
      if (quoted == null) {
        throw new ScriptException(
            error.line(), "no packet is called '" + error.quoting() + "' (as LABEL)");
      }
      all.addAll(error.sightings(devices, quoted));
    }
    all.sort(Comparator.comparingLong(ScriptSighting::trueNanos));
    for (ScriptSighting sighting : all) {
      if (sighting.point().captures(sighting.trueNanos())) {
        sightings.get(sighting.point()).add(sighting);
      }
    }
  }

  /** The frame numbers of a label at a point, from 1, in the file that has the point's packets. */
  private List<Integer> framesOf(ScriptPoint point, String label) {
    List<ScriptSighting> inFile = parsed.isOneFile ? all() : sightings.get(point);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < inFile.size(); i++) {
      if (label.equals(inFile.get(i).label()) && inFile.get(i).point().equals(point)) {
        numbers.add(i + 1);
      }
    }
    return numbers;
  }

  /** The sightings of all points in the order of time. */
  private List<ScriptSighting> all() {
    return sightings.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparingLong(ScriptSighting::trueNanos))
        .toList();
  }

  /** Whether the packets of all points are in one file. */
  public boolean isOneFile() {
    return parsed.isOneFile;
  }

  /** Names of the capture points in path order, the client's first. */
  public List<String> points() {
    return parsed.points.stream().map(ScriptPoint::name).toList();
  }

  /** Names of the capture points in the order in which their captures are given to the program. */
  public List<String> given() {
    return parsed.given.isEmpty()
        ? points()
        : parsed.given.stream().map(ScriptPoint::name).toList();
  }

  /** The expectations in script order. */
  public List<Expectation> expectations() {
    return List.copyOf(expectations);
  }

  /** Whether the script says {@code expect nothing else}. */
  public boolean expectsNothingElse() {
    return parsed.nothingElse;
  }

  /**
   * The client and server endpoints of each connection as seen at a point, by connection name in
   * script order and in the format of reports. Repetitions are called {@code name#1} and so on.
   *
   * @param pointName one of {@link #points}
   */
  public Map<String, List<String>> endpoints(String pointName) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (ScriptPoint point : parsed.points) {
      if (!point.name().equals(pointName)) {
        continue;
      }
      parsed.connections.forEach(
          (name, connection) -> {
            if (connection.points.contains(point)) {
              String client = devices.endpointAt(connection, point, true).toString();
              String server = devices.endpointAt(connection, point, false).toString();
              byName.put(name, List.of(client, server));
            }
          });
    }
    return byName;
  }

  /**
   * Writes a capture for each point into an existing folder.
   *
   * @return the files by point name, in path order
   */
  public Map<String, Path> writeTo(Path directory) {
    Map<String, Path> files = new LinkedHashMap<>();
    sightings.forEach(
        (point, seen) -> {
          Path file = directory.resolve(parsed.isOneFile ? "all.pcap" : point.fileName());
          if (!files.containsValue(file)) {
            write(parsed.isOneFile ? all() : seen, point, file);
          }
          files.put(point.name(), file);
        });
    return files;
  }

  private void write(List<ScriptSighting> seen, ScriptPoint point, Path file) {
    long startNanos = parsed.start.getEpochSecond() * 1_000_000_000 + parsed.start.getNano();
    try {
      new ScriptCaptureWriter(point, startNanos).write(seen, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the captures of a script: {@code SCRIPT DIRECTORY}. */
  public static void main(String[] args) {
    parse(Path.of(args[0])).writeTo(Path.of(args[1]));
  }
}
