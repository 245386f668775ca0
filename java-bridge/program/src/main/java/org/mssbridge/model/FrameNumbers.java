package org.mssbridge.model;

import java.util.Arrays;

/** The numbers that the frames of a part of a file have in the whole file. */
public final class FrameNumbers {
  private int[] numbers = new int[1024];
  private int size;

  /** Adds the number of the part's next frame, from 1; they ascend. */
  public void add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    numbers[size++] = number;
  }

  /** How many frames the part has. */
  public int size() {
    return size;
  }

  /**
   * The number in the whole file; 0 if the part has no such frame.
   *
   * @param frame the number in the part, from 1
   */
  public int inFile(int frame) {
    return frame > size ? 0 : numbers[frame - 1];
  }
}
