package org.mssbridge.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.mssbridge.script.ScriptedPacket.AtPoint;

/** A packet's path past the points, and what each point sees. */
final class Journey {
  private static final long PIECE_GAP_NANOS = 12_000; // 1,500 bytes at 1 Gbit/s

  private final Devices devices;
  private final ScriptedPacket packet;
  private final List<ScriptPoint> path;
  private final List<ScriptSighting> sightings = new ArrayList<>();
  private final Map<ScriptPoint, List<ScriptSegment>> wireAt = new LinkedHashMap<>();

  private Journey(Devices devices, ScriptedPacket packet) {
    this.devices = devices;
    this.packet = packet;
    this.path =
        packet.onlyAt == null
            ? packet.connection.pathOf(packet.segment.direction())
            : List.of(packet.onlyAt);
  }

  static Journey of(Devices devices, ScriptedPacket packet) {
    Journey journey = new Journey(devices, packet);
    journey.travel();
    return journey;
  }

  List<ScriptSighting> sightings() {
    return sightings;
  }

  ScriptedPacket packet() {
    return packet;
  }

  /** A piece on the wire at a point, as it is or would be without the loss. */
  ScriptSegment wireAt(ScriptPoint point, int piece) {
    return wireAt.get(point).get(piece);
  }

  boolean passes(ScriptPoint point) {
    return wireAt.containsKey(point);
  }

  /** The index of the first lost piece; 0 if none was lost. */
  int firstLostPiece() {
    return packet.lostPieces.isEmpty() ? 0 : packet.lostPieces.get(0) - 1;
  }

  /** The last point that saw the first lost piece. */
  ScriptPoint lastPoint() {
    ScriptPoint last = path.get(0);
    for (ScriptPoint point : path) {
      if (!packet.loses(firstLostPiece(), point)) {
        last = point;
      }
    }
    return packet.lost ? last : path.get(0);
  }

  private void travel() {
    ScriptSegment whole = packet.segment;
    List<ScriptSegment> wire = List.of(whole);
    if (packet.wireBytes() > 0) {
      wire = new ArrayList<>();
      for (ScriptRange range : whole.pieces(packet.wireBytes())) {
        wire.add(whole.piece(range, wire.size()));
      }
    }
    ScriptPoint before = path.get(0);
    for (ScriptPoint point : path) {
      ScriptPoint from = before;
      UnaryOperator<ScriptSegment> cross =
          segment -> editedAt(point, devices.cross(packet.connection, segment, from, point));
      whole = cross.apply(whole);
      wire = wire.stream().map(cross).toList();
      wireAt.put(point, wire);
      addSightings(point, whole, wire);
      before = point;
    }
  }

  private ScriptSegment editedAt(ScriptPoint point, ScriptSegment segment) {
    ScriptSegment edited = segment;
    AtPoint place = packet.atPoints.get(point);
    if (place != null) {
      for (UnaryOperator<ScriptSegment> edit : place.edits) {
        edited = edit.apply(edited);
      }
    }
    return edited;
  }

  private void addSightings(ScriptPoint point, ScriptSegment whole, List<ScriptSegment> wire) {
    boolean first = point.equals(path.get(0));
    boolean last = point.equals(path.get(path.size() - 1));
    if (first && packet.tsoBytes > 0 && !packet.loses(-1, point)) {
      addSighting(point, whole, 0);
    } else if (last && packet.groBytes > 0 && !packet.lost) {
      addSighting(point, whole, wire.size() - 1);
    } else {
      for (int i = 0; i < wire.size(); i++) {
        if (!packet.loses(i, point)) {
          addSighting(point, wire.get(i), i);
        }
      }
    }
  }

  private void addSighting(ScriptPoint point, ScriptSegment segment, int piece) {
    if (packet.missedAt.contains(point)) {
      return;
    }
    AtPoint place = packet.atPoints.getOrDefault(point, new AtPoint());
    long nanos =
        place.trueNanos != null
            ? place.trueNanos
            : packet.sentNanos
                + (point.equals(path.get(0)) ? 0 : packet.lateNanos)
                + delayTo(point);
    byte[] bytes =
        new SegmentEncoder(devices, packet.connection, point).packet(segment, packet.line);
    List<byte[]> fragments =
        IpFragments.of(bytes, segment.ip().mtuBytes(), segment.ip().id(), packet.overlapBytes);
    for (int i = 0; i < fragments.size(); i++) {
      boolean leaves = point.equals(path.get(0)) && path.size() > 1;
      if (fragments.size() > 1 && !leaves && packet.lostFragments.contains(i + 1)) {
        continue;
      }
      byte[] frame = new FrameEncoder(point).frame(segment.direction(), fragments.get(i));
      for (int copy = 0; copy < (place.twice ? 2 : 1); copy++) {
        long at = nanos + (piece + i + copy) * PIECE_GAP_NANOS;
        sightings.add(new ScriptSighting(point, at, frame, place.comments, packet.label));
      }
    }
  }

  private long delayTo(ScriptPoint point) {
    return devices.delayNanos(packet.connection, packet.segment.direction(), path.get(0), point);
  }
}
