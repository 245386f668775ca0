package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.FragmentedDatagram;

/** The UDP packets of a table that were captured in fragments. */
public final class FragmentedDatagrams {
  /** Of hostile captures, in which every packet could be the fragment of another one. */
  private static final int MOST_INCOMPLETE = 1 << 14;

  private final Map<Integer, FragmentedDatagram> whole = new HashMap<>();
  private final Map<String, List<FragmentedDatagram>> incomplete = new HashMap<>();
  private int incompletePackets;

  void addWhole(int row, FragmentedDatagram packet) {
    whole.put(row, packet);
  }

  boolean isFull() {
    return incompletePackets >= MOST_INCOMPLETE;
  }

  void addIncomplete(FragmentedDatagram packet) {
    incompletePackets++;
    incomplete
        .computeIfAbsent(
            DatagramTable.ends(packet.source(), packet.destination()), key -> new ArrayList<>())
        .add(packet);
  }

  /** The fragments of a packet, if it was in fragments. */
  public Optional<FragmentedDatagram> of(int row) {
    return Optional.ofNullable(whole.get(row));
  }

  /** Whether there is any packet in fragments. */
  public boolean isEmpty() {
    return whole.isEmpty() && incomplete.isEmpty();
  }

  /** Number of packets of which the capture lacks fragments. */
  public int incompletePackets() {
    return incompletePackets;
  }

  /** The packets from one address to another of which the capture lacks fragments. */
  public List<FragmentedDatagram> incomplete(String source, String destination) {
    return Collections.unmodifiableList(
        incomplete.getOrDefault(DatagramTable.ends(source, destination), List.of()));
  }
}
