package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Divides the time of each {@link Turn} that all points of a connection saw alike.
 *
 * <p>What a point sees between a request's end and the first byte of its response is spent behind
 * it, so the difference between two neighbouring points is the way between them and back.
 */
final class TurnTimes {
  /** Who waits longer is idle, and the data that comes at last is hardly an answer. */
  private static final long MOST_NANOS = 60_000_000_000L;

  /** What coarse timestamps of two points may differ by. */
  private static final long JITTER_NANOS = 2_000_000L;

  /** A server that acknowledges at once and is silent so long is slow. */
  private static final long SLOW_NANOS = 1_000_000_000L;

  /** No round trip takes so large a part of a slow answer. */
  private static final int MUCH_LONGER = 10;

  private final Evidence evidence;
  private final Map<List<CapturePoint>, TimeSpent> byPoints = new LinkedHashMap<>();

  private TurnTimes(Evidence evidence) {
    this.evidence = evidence;
  }

  /** The times of all connections, for each list of points that saw some. */
  static List<TimeSpent> of(Evidence evidence) {
    TurnTimes times = new TurnTimes(evidence);
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (!traced.isOneSided()
          && traced.pairs().stream().noneMatch(pair -> evidence.middlebox(pair).endsConnections())
          && traced.pairs().stream().allMatch(PairedConnection::isTimed)) {
        times.add(traced);
      }
    }
    return List.copyOf(times.byPoints.values());
  }

  private void add(TracedConnection traced) {
    List<PairedConnection> pairs = new ArrayList<>(traced.pairs());
    if (!pairs
        .get(0)
        .nearPoint(Direction.C2S)
        .equals(Evidence.nearestSender(traced, Direction.C2S))) {
      Collections.reverse(pairs);
    }
    new OneConnection(traced, pairs).divide();
  }

  private TimeSpent spent(List<CapturePoint> points) {
    return byPoints.computeIfAbsent(points, seen -> new TimeSpent(Asked.REQUEST, seen));
  }

  /** The walks through a connection at all its points, from the client's side, in step. */
  private final class OneConnection {
    private final TracedConnection traced;
    private final List<PairedConnection> pairs;
    private final List<CapturePoint> points = new ArrayList<>();
    private final TurnWalk[] walks;
    private final SegmentTable[] tables;
    private final int[] clientShift;
    private final int[] serverShift;
    private final TimeSpent spent;
    private final Connection seenFirst;
    private final Connection seenLast;
    private final Set<LeftOut> doubts = EnumSet.noneOf(LeftOut.class);
    private int divided;
    private int requests;
    private final TimeSpent.Spans sum;

    OneConnection(TracedConnection traced, List<PairedConnection> pairs) {
      this.traced = traced;
      this.pairs = pairs;
      points.add(pairs.get(0).nearPoint(Direction.C2S));
      pairs.forEach(pair -> points.add(pair.farPoint(Direction.C2S)));
      walks = new TurnWalk[points.size()];
      tables = new SegmentTable[points.size()];
      clientShift = new int[points.size()];
      serverShift = new int[points.size()];
      for (int i = 0; i < walks.length; i++) {
        Connection seen = seen(i);
        PointCapture capture =
            i == 0
                ? pairs.get(0).nearCapture(Direction.C2S)
                : pairs.get(i - 1).farCapture(Direction.C2S);
        tables[i] = seen.clientToServer().table();
        walks[i] =
            new TurnWalk(
                seen, capture, evidence.comparison().duplicates().at(points.get(i)).orElseThrow());
        if (i > 0) {
          clientShift[i] = clientShift[i - 1] + shift(pairs.get(i - 1), Direction.C2S);
          serverShift[i] = serverShift[i - 1] + shift(pairs.get(i - 1), Direction.S2C);
        }
      }
      spent = spent(points);
      sum = new TimeSpent.Spans(0);
      seenFirst = seen(0);
      seenLast = seen(walks.length - 1);
    }

    private Connection seen(int number) {
      return traced.at().at(points.get(number)).orElseThrow();
    }

    private static int shift(PairedConnection pair, Direction direction) {
      return pair.base(pair.farPoint(Direction.C2S), direction)
          - pair.base(pair.nearPoint(Direction.C2S), direction);
    }

    void divide() {
      boolean isTls =
          seenFirst.clientToServer().tlsRandom() != 0
              && seenFirst.serverToClient().tlsRandom() != 0
              && !seenFirst.clientToServer().isHttp();
      long endedNanos = -1;
      boolean isFirst = true;
      while (walks[0].next()) {
        Turn turn = walks[0].turn();
        if (endedNanos >= 0 && turn.isAnswered && turn.askedNanos - endedNanos <= MOST_NANOS) {
          spent.addBetween(turn.askedNanos - endedNanos);
        }
        boolean isHello = isFirst && isTls && !walks[0].isUnasked();
        isFirst = false;
        Optional<LeftOut> doubt = doubt(turn);
        boolean isWhole = doubt.isEmpty() && add(turn, isHello);
        if (doubt.isPresent()) {
          spent.leaveOut(doubt.get());
        } else if (!isWhole) {
          spent.leaveOut(LeftOut.TIMES_UNCLEAR);
        }
        endedNanos = isWhole ? turn.answeredNanos : -1;
      }
      if (walks[0].isUnasked()) {
        spent.leaveOut(LeftOut.UNASKED);
      }
      for (int i = 1; i < walks.length; i++) {
        while (walks[i].next()) {}
      }
      addHandshake();
      if (divided > 0) {
        spent.addConnection();
      }
      if (requests > 0) {
        spent.addConnection(traced.id(), requests, sum);
      }
    }

    private void addHandshake() {
      long nanos = walks[0].handshakeNanos();
      long answerNanos = walks[walks.length - 1].handshakeAnswerNanos();
      if (nanos >= 0 && answerNanos >= 0 && answerNanos <= nanos + JITTER_NANOS) {
        spent.addHandshake(nanos, answerNanos);
        if (spent.needsPlaces()) {
          spent.place(
              HandshakeGaps.isBeside(seenFirst, Direction.C2S),
              HandshakeGaps.isBeside(seenLast, Direction.S2C));
        }
      }
    }

    /** Why a turn is left out, as far as its points show it; empty where it is not. */
    private Optional<LeftOut> doubt(Turn turn) {
      doubts.clear();
      doubts.addAll(turn.doubts);
      if (turn.isAnswered && isForged(turn)) {
        doubts.add(LeftOut.FORGED);
      }
      boolean same = turn.isAnswered && areSame(turn);
      for (int i = 1; turn.isAnswered && i < walks.length; i++) {
        if (same || walks[i].turn().requestEnd == turn.requestEnd + clientShift[i]) {
          doubts.addAll(walks[i].turn().doubts);
        }
      }
      if (turn.isAnswered && !same) {
        doubts.add(LeftOut.NOT_WHOLE);
      } else if (same) {
        Turn last = walks[walks.length - 1].turn();
        if (turn.isRequestPaused
            || last.isResponsePaused
            || last.answeringNanos - last.requestedNanos > MOST_NANOS) {
          doubts.add(LeftOut.PAUSED);
        }
      }
      return doubts.stream().findFirst();
    }

    /** Whether the client's point saw data in the answer that a device put in. */
    private boolean isForged(Turn turn) {
      InjectedData injected = evidence.injectedData(pairs.get(0), Direction.S2C);
      return injected.contains(turn.answeringRow)
          || injected.contains(turn.firstByteRow)
          || injected.contains(turn.answeredRow);
    }

    /** Goes on to the turn at all points; false where one lacks it, or saw another one. */
    private boolean areSame(Turn turn) {
      boolean same = true;
      for (int i = 1; i < walks.length; i++) {
        same &=
            walks[i].goTo(
                turn.requestStart + clientShift[i],
                turn.requestEnd + clientShift[i],
                turn.responseEnd + serverShift[i]);
      }
      return same;
    }

    /** Adds the parts of a turn; false where they do not fit together. */
    private boolean add(Turn first, boolean isHello) {
      int lastNumber = walks.length - 1;
      Turn last = walks[lastNumber].turn();
      long[] turnarounds = new long[walks.length];
      boolean repeats = false;
      for (int i = 0; i < walks.length; i++) {
        turnarounds[i] = walks[i].turn().turnaroundNanos();
        repeats |= walks[i].turn().repeats > 0;
      }
      long repeatNanos = 0;
      if (repeats) {
        int[] requestRows = requestRows();
        int[] firstByteRows = responseRows(first.firstByteRow);
        int[] answeredRows = responseRows(first.answeredRow);
        if (requestRows[0] < 0 || firstByteRows[lastNumber] < 0 || answeredRows[lastNumber] < 0) {
          return false;
        }
        for (int i = 0; i < walks.length; i++) {
          turnarounds[i] =
              tables[i].timeNanos(firstByteRows[i]) - tables[i].timeNanos(requestRows[i]);
        }
        repeatNanos =
            silence(tables[0], first.askedRow, requestRows[0])
                + silence(
                    tables[lastNumber],
                    last.answeringRow,
                    Math.max(answeredRows[lastNumber], firstByteRows[lastNumber]));
      }
      TimeSpent.Spans spans = new TimeSpent.Spans(lastNumber);
      for (int i = 0; i < lastNumber; i++) {
        spans.legNanos[i] = turnarounds[i] - turnarounds[i + 1];
        spans.networkNanos += spans.legNanos[i];
        if (spans.legNanos[i] < -JITTER_NANOS) {
          return false;
        }
      }
      long answerNanos = last.answeringNanos - last.requestedNanos;
      spans.waitNanos = first.answeredNanos - first.askedNanos;
      spans.firstByteNanos = first.firstByteNanos - first.askedNanos;
      spans.serverNanos = answerNanos + last.responseIdleNanos;
      spans.clientNanos = first.requestIdleNanos;
      spans.retransmissionNanos = repeatNanos;
      long restNanos =
          spans.waitNanos
              - spans.serverNanos
              - spans.clientNanos
              - spans.networkNanos
              - spans.retransmissionNanos;
      if (answerNanos < 0 || restNanos < -Math.max(JITTER_NANOS, spans.waitNanos / 20)) {
        return false;
      }
      spans.transferNanos = Math.max(0, restNanos);
      divided++;
      if (isHello) {
        spent.addTlsHello(spans.waitNanos);
        return true;
      }
      spent.add(spans);
      sum.add(spans);
      requests++;
      if (spans.waitNanos >= TimeSpent.LONG_NANOS) {
        addLong(spans, first, last);
      }
      return true;
    }

    private void addLong(TimeSpent.Spans spans, Turn first, Turn last) {
      TimePart part = spans.most();
      long serverNanos = last.answeringNanos - last.requestedNanos;
      spent.addLong(
          part,
          new TimeSpent.LongWait(
              traced.id(),
              "",
              tables[0].frame(first.askedRow),
              tables[0].frame(first.answeredRow),
              spans.waitNanos,
              spans.of(part)),
          last.isAcknowledged && serverNanos >= SLOW_NANOS && isMuchLonger(serverNanos));
    }

    private boolean isMuchLonger(long nanos) {
      return HandshakeGaps.of(seenFirst)
          .map(gaps -> gaps.clientNanos() + gaps.serverNanos() < nanos / MUCH_LONGER)
          .orElse(true);
    }

    /**
     * The transmissions with which the request became complete at the last point, at each point; -1
     * where that is not known. Others came too late, or were not needed.
     */
    private int[] requestRows() {
      int[] rows = new int[walks.length];
      int row = walks[walks.length - 1].turn().requestedRow;
      for (int i = walks.length - 1; i >= 0; i--) {
        rows[i] = row;
        row = i > 0 ? nearRow(pairs.get(i - 1), Direction.C2S, row) : -1;
      }
      return rows;
    }

    /** The same of a segment of the response that arrived at the first point. */
    private int[] responseRows(int firstRow) {
      int[] rows = new int[walks.length];
      int row = firstRow;
      for (int i = 0; i < rows.length; i++) {
        rows[i] = row;
        row = i < pairs.size() ? nearRow(pairs.get(i), Direction.S2C, row) : -1;
      }
      return rows;
    }

    private static int nearRow(PairedConnection pair, Direction direction, int farRow) {
      Alignment.Sightings far = pair.alignment(direction).far();
      int index = farRow < 0 ? -1 : Arrays.binarySearch(far.row(), farRow);
      return index < 0 ? -1 : far.peerRow()[index];
    }
  }

  /** How long a sender was silent before segments that it sent again, from one row to another. */
  private static long silence(SegmentTable table, int firstRow, int lastRow) {
    long silenceNanos = 0;
    long beforeNanos = table.timeNanos(firstRow);
    int end = table.sequence(firstRow) + table.payloadBytes(firstRow);
    for (int row = table.next(firstRow); row >= 0 && row <= lastRow; row = table.next(row)) {
      if (table.payloadBytes(row) > 0 && (table.flags(row) & TcpFlags.RST) == 0) {
        int rowEnd = table.sequence(row) + table.payloadBytes(row);
        if (rowEnd - end > 0) {
          end = rowEnd;
        } else {
          silenceNanos += table.timeNanos(row) - beforeNanos;
        }
        beforeNanos = table.timeNanos(row);
      }
    }
    return silenceNanos;
  }
}
