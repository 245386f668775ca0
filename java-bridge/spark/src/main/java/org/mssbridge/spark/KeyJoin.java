package org.mssbridge.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.mssbridge.discover.KeyTally;
import org.mssbridge.discover.SharedKeys;
import org.mssbridge.flow.LongList;
import scala.Tuple2;

/**
 * The join of captures over their keys, in two shuffles: the keys go to where their share is summed
 * up, and the sums of a pair of captures to where these are added. Each capture has a key once, so
 * no key has more rows than there are captures, and none needs to be spread over several tasks.
 */
final class KeyJoin {
  /** Some hundred megabytes while they are sorted. */
  private static final long MOST_KEYS_OF_SHARE = 4_000_000;

  /** Of the features of a connection, about so many are keys. */
  private static final int KEYS_OF_CONNECTION = 8;

  private KeyJoin() {}

  /** In how many shares the keys of so many connections are summed up. */
  static int shares(long connections, int parallelism) {
    long needed = connections * KEYS_OF_CONNECTION / MOST_KEYS_OF_SHARE + 1;
    return (int) Math.max(parallelism, Math.min(needed, Short.MAX_VALUE));
  }

  /**
   * Divides the keys of captures.
   *
   * @param keys of one capture, as {@link SharedKeys#of} makes them
   */
  static JavaPairRDD<Integer, long[]> divided(JavaRDD<long[]> keys, int shares) {
    PairFlatMapFunction<long[], Integer, long[]> divide =
        all -> {
          LongList[] parts = new LongList[shares];
          for (long key : all) {
            int share = SharedKeys.shareOf(key, shares);
            if (parts[share] == null) {
              parts[share] = new LongList();
            }
            parts[share].add(key);
          }
          List<Tuple2<Integer, long[]>> rows = new ArrayList<>();
          for (int share = 0; share < shares; share++) {
            if (parts[share] != null) {
              rows.add(new Tuple2<>(share, parts[share].toArray()));
            }
          }
          return rows.iterator();
        };
    return keys.flatMapToPair(divide);
  }

  /** The pairs of captures that are worth comparing. */
  static KeyTally tally(JavaPairRDD<Integer, long[]> divided, int shares) {
    HashPartitioner partitioner = new HashPartitioner(shares);
    List<KeyTally> tallies =
        divided
            .partitionBy(partitioner)
            .mapPartitionsToPair(rows -> shareTally(rows, shares))
            .partitionBy(partitioner)
            .mapPartitions(KeyJoin::sum)
            .collect();
    return KeyTally.sum(tallies);
  }

  private static Iterator<Tuple2<Integer, KeyTally>> shareTally(
      Iterator<Tuple2<Integer, long[]>> rows, int shares) {
    SharedKeys keys = new SharedKeys();
    rows.forEachRemaining(row -> keys.add(row._2));
    List<KeyTally> parts = keys.tally().divided(shares);
    List<Tuple2<Integer, KeyTally>> divided = new ArrayList<>();
    for (int share = 0; share < shares; share++) {
      divided.add(new Tuple2<>(share, parts.get(share)));
    }
    return divided.iterator();
  }

  private static Iterator<KeyTally> sum(Iterator<Tuple2<Integer, KeyTally>> rows) {
    List<KeyTally> tallies = new ArrayList<>();
    rows.forEachRemaining(row -> tallies.add(row._2));
    return List.of(KeyTally.sum(tallies).worthComparing()).iterator();
  }
}
