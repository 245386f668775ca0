package org.mssbridge.finding;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.mssbridge.model.CapturePoint;

/**
 * The occurrences of a finding in columns of primitives, since there may be one for each of a
 * million connections: an {@link Occurrence} is made when it is asked for. Only {@link Findings}
 * appends.
 */
final class OccurrenceList extends AbstractList<Occurrence> implements RandomAccess {
  private static final int FEW = 4;

  private int size;
  private int[] connections = new int[1];
  private int[] frames = new int[1];
  private int[] otherFrames = new int[1];

  /** Of each occurrence, the numbers of its points in {@link #points}, 0 for none. */
  private short[] places = new short[1];

  private short[] otherPlaces = new short[1];
  private final List<CapturePoint> points = new ArrayList<>(2);

  // These two are shorter, or empty, where the last occurrences have none.
  private Wording[] wordings = {};
  private Occurrence.Rare[] rares = {};

  /** The occurrences in columns; the same list where they are already. */
  static OccurrenceList of(List<Occurrence> occurrences) {
    if (occurrences instanceof OccurrenceList columns) {
      columns.resize(columns.size);
      return columns;
    }
    OccurrenceList columns = new OccurrenceList();
    occurrences.forEach(columns::append);
    return columns;
  }

  void append(Occurrence occurrence) {
    if (size == connections.length) {
      resize(Math.max(FEW, size + (size >> 1)));
    }
    connections[size] = occurrence.connectionNumber();
    frames[size] = occurrence.frame();
    otherFrames[size] = occurrence.otherFrame();
    places[size] = place(occurrence.point());
    otherPlaces[size] = place(occurrence.otherPoint());
    if (occurrence.wording() != Occurrence.NO_WORDS) {
      wordings = size < wordings.length ? wordings : Arrays.copyOf(wordings, connections.length);
      wordings[size] = occurrence.wording();
    }
    if (!occurrence.rare().equals(Occurrence.Rare.NONE)) {
      rares = size < rares.length ? rares : Arrays.copyOf(rares, connections.length);
      rares[size] = occurrence.rare();
    }
    size++;
  }

  private void resize(int length) {
    if (length != connections.length) {
      connections = Arrays.copyOf(connections, length);
      frames = Arrays.copyOf(frames, length);
      otherFrames = Arrays.copyOf(otherFrames, length);
      places = Arrays.copyOf(places, length);
      otherPlaces = Arrays.copyOf(otherPlaces, length);
    }
  }

  private short place(CapturePoint point) {
    if (point == null) {
      return 0;
    }
    int known = points.indexOf(point);
    if (known < 0) {
      known = points.size();
      points.add(point);
    }
    if (known >= Short.MAX_VALUE) {
      throw new IllegalStateException("more capture points than a path has");
    }
    return (short) (known + 1);
  }

  private CapturePoint point(short place) {
    return place == 0 ? null : points.get(place - 1);
  }

  @Override
  public Occurrence get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    Wording wording = index < wordings.length ? wordings[index] : null;
    Occurrence.Rare rare = index < rares.length ? rares[index] : null;
    return new Occurrence(
        connections[index],
        point(places[index]),
        frames[index],
        point(otherPlaces[index]),
        otherFrames[index],
        wording == null ? Occurrence.NO_WORDS : wording,
        rare == null ? Occurrence.Rare.NONE : rare);
  }

  @Override
  public int size() {
    return size;
  }

  /** Whether it is the same list: an occurrence is equal to itself only. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
