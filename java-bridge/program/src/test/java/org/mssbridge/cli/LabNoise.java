package org.mssbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.script.PacketScript;

/**
 * The background noise of the internet in the captures of a case of the lab: strangers' packets for
 * the client at the client's capture, and for the server at the server's. None of it has to pass
 * the other point, and none of it is a pair.
 */
final class LabNoise {
  private static final long SECOND = 1_000_000_000;
  private static final int IP_IDS = 100;
  private static final int[] SCANNED = {22, 23, 80, 443, 445, 3389, 8080, 8443};
  private static final int[] CONSTANT_ISNS = {1, 2, 738_073_139};

  private final Random random;
  private final List<Host> hosts;
  private final StringBuilder script = new StringBuilder();
  private int strangers;
  private int numbered;

  /**
   * A host that strangers send to.
   *
   * @param clockNanos what the clock of the capture there shows more than the true time
   */
  record Host(
      String point, String address, Path capture, PointCapture.Extent extent, long clockNanos) {
    static Host of(
        Map<String, Object> truth, String point, Path capture, PointCapture.Extent extent) {
      Object end =
          maps(truth.get("connections")).stream()
              .map(connection -> map(connection.get(point + "_side")))
              .filter(side -> side != null)
              .map(side -> side.get(point))
              .findFirst()
              .orElseThrow();
      String address = end.toString().substring(0, end.toString().lastIndexOf(':'));
      Map<String, Object> clock = map(truth.get("clock"));
      boolean isOff = clock != null && point.equals("server");
      double offset = isOff ? ((Number) clock.get("offset_s")).doubleValue() : 0;
      return new Host(point, address, capture, extent, Math.round(offset * SECOND));
    }

    boolean isIpv6() {
      return address.startsWith("[");
    }

    long firstNanos() {
      return extent.firstNanos() - clockNanos;
    }

    long lastNanos() {
      return extent.lastNanos() - clockNanos;
    }
  }

  private LabNoise(List<Host> hosts, long seed) {
    this.hosts = hosts;
    random = new Random(seed);
  }

  /** Writes copies of the captures with that many strangers; returns them in the given order. */
  static Path[] merged(List<Host> hosts, int strangers, long seed, Path folder)
      throws IOException, InterruptedException {
    LabNoise noise = new LabNoise(hosts, seed);
    long start = Math.floorDiv(hosts.get(0).firstNanos(), SECOND);
    noise.script.append("start ").append(Instant.ofEpochSecond(start)).append('\n');
    for (Host host : hosts) {
      noise.line("point %s clock %dns", host.point(), host.clockNanos());
    }
    while (noise.strangers < strangers) {
      noise.disturb(start);
    }
    Map<String, Path> written = PacketScript.parse(noise.script.toString()).writeTo(folder);
    List<Path> merged = new ArrayList<>();
    for (Host host : hosts) {
      merged.add(folder.resolve("noisy-" + host.point() + ".pcap"));
      merge(merged.get(merged.size() - 1), host.capture(), written.get(host.point()));
    }
    return merged.toArray(Path[]::new);
  }

  private static void merge(Path into, Path capture, Path noise)
      throws IOException, InterruptedException {
    Process merging =
        new ProcessBuilder("mergecap", "-w", into + "", capture + "", noise + "")
            .redirectErrorStream(true)
            .start();
    String complaint = new String(merging.getInputStream().readAllBytes(), UTF_8);
    assertThat(merging.waitFor()).as(complaint).isZero();
  }

  private void line(String format, Object... values) {
    script.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void disturb(long start) {
    switch (random.nextInt(12)) {
      case 0 -> forge(start);
      case 1 -> crawl(start);
      case 2, 3, 4 -> scan(host(), start);
      case 5 -> knock(host(), start);
      default -> count(host(), start);
    }
  }

  private Host host() {
    return hosts.get(random.nextInt(hosts.size()));
  }

  private double when(Host host, long start) {
    long span = Math.max(1, host.lastNanos() - host.firstNanos());
    return (host.firstNanos() - start * SECOND + (long) (random.nextDouble() * span)) / 1e9;
  }

  private int any(int[] values) {
    return values[random.nextInt(values.length)];
  }

  private int port() {
    return 32_768 + random.nextInt(28_000);
  }

  /** From a range of its own, so that no two hosts' packets agree by chance. */
  private int ipId() {
    return IP_IDS * ++numbered + random.nextInt(IP_IDS / 2);
  }

  private String stranger(Host host) {
    int number = 100 + random.nextInt(150);
    return host.isIpv6() ? "[2001:db8:bad::" + number + "]" : "192.0.2." + number;
  }

  private String name() {
    return "stranger" + ++strangers;
  }

  /** A connection of a stranger; what the host sends has sequence number 0, as a RST of it. */
  private void connection(
      String name, String source, Host host, int asked, String isns, String fields) {
    line(
        "connection %s %s -> %s:%d at %s isn %s %s",
        name, source, host.address(), asked, host.point(), isns, fields);
  }

  /** A census of the internet: its timestamp is the second of the wall clock. */
  private void count(Host host, long start) {
    double at = when(host, start);
    long second = start + (long) at;
    String name = name();
    String isns = Integer.toUnsignedString(random.nextInt()) + " 0";
    String fields = "ttl 52 64 window 42340 0 id " + ipId() + " 0";
    connection(name, stranger(host) + ":" + port(), host, any(SCANNED), isns, fields);
    line("%.6f %s c2s S 0:0 <mss 1460, sackok, ts %d 0, nop, wscale 10>", at, name, second);
    refuse(name, at);
  }

  /** A scanner that keeps no state: what it sends is constant. */
  private void scan(Host host, long start) {
    double at = when(host, start);
    String name = name();
    String source = stranger(host) + ":" + (random.nextBoolean() ? 40_000 : 53_211);
    String window = random.nextBoolean() ? "1024" : "65535";
    String fields = "ttl 241 64 window " + window + " 0 id 54321 0";
    connection(name, source, host, any(SCANNED), any(CONSTANT_ISNS) + " 0", fields);
    line("%.6f %s c2s S 0:0 %s", at, name, random.nextBoolean() ? "<mss 1460>" : "");
    refuse(name, at);
  }

  /** The host of somebody. */
  private void knock(Host host, long start) {
    double at = when(host, start);
    String name = name();
    String isns = Integer.toUnsignedString(random.nextInt()) + " 0";
    String fields = "ttl 47 64 window 64240 0 id " + ipId() + " 0";
    connection(name, stranger(host) + ":" + port(), host, any(SCANNED), isns, fields);
    long timestamp = Integer.toUnsignedLong(random.nextInt());
    line("%.6f %s c2s S 0:0 <mss 1460, sackok, ts %d 0, nop, wscale 7>", at, name, timestamp);
    refuse(name, at);
  }

  /** Most hosts refuse; others drop. */
  private void refuse(String name, double at) {
    if (random.nextInt(4) != 0) {
      line("%.6f %s s2c R. 0:0 ack 1 <>", at + 0.00004, name);
    }
  }

  /** SYNs with a forged source and one ISN, toward all hosts, ms apart. */
  private void forge(long start) {
    String isn = Integer.toUnsignedString(random.nextInt());
    String source = stranger(hosts.get(0)) + ":" + (random.nextBoolean() ? 80 : port());
    double at = when(hosts.get(0), start);
    for (Host host : hosts) {
      String name = name();
      connection(name, source, host, 80, isn + " 0", "ttl 238 64 window 5840 0 id 0 0");
      line("%.6f %s c2s S 0:0 <mss 1460>", at, name);
      refuse(name, at);
      at += 0.001 + 0.005 * random.nextDouble();
    }
  }

  /** The same request and the same answer at all hosts, from one client. */
  private void crawl(long start) {
    String address = stranger(hosts.get(0));
    int path = random.nextInt(4);
    double at = when(hosts.get(0), start);
    for (Host host : hosts) {
      String name = name();
      String isns =
          Integer.toUnsignedString(random.nextInt())
              + " "
              + Integer.toUnsignedString(random.nextInt());
      String fields = "ttl 49 64 window 64240 65160 id " + ipId() + " " + ipId();
      connection(name, address + ":" + port(), host, 80, isns, fields);
      line("stream %s c2s 1 \"GET /%d HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n\"", name, path);
      line("stream %s s2c 1 \"HTTP/1.1 404 Not Found\\r\\nServer: nginx\\r\\n\\r\\n\"", name);
      long timestamp = Integer.toUnsignedLong(random.nextInt());
      line("%.6f %s c2s S 0:0 <mss 1460, sackok, ts %d 0, nop, wscale 7>", at, name, timestamp);
      line("%.6f %s s2c S. 0:0 ack 1 <mss 1460>", at + 0.00004, name);
      line("%.6f %s c2s . 1 ack 1", at + 0.0001, name);
      line("%.6f %s c2s P. 1:29 ack 1", at + 0.00015, name);
      line("%.6f %s s2c P. 1:42 ack 29", at + 0.0002, name);
      line("%.6f %s s2c F. 42:42 ack 29", at + 0.00025, name);
      line("%.6f %s c2s F. 29:29 ack 43", at + 0.0003, name);
      line("%.6f %s s2c . 43 ack 30", at + 0.00035, name);
      at += 0.002 * random.nextDouble();
    }
  }
}
