package org.mssbridge.tshark;

import java.time.Duration;
import java.util.Optional;

/**
 * What a run of tshark cost.
 *
 * @param frames number of frames that it printed
 * @param feedingCpu CPU time of the thread that wrote its input
 * @param readingCpu CPU time of the thread that read its output
 * @param tsharkCpu CPU time of the process, at most a few hundredths of a second too little; empty
 *     if it cannot be known
 */
public record ReadCost(
    int frames, Duration feedingCpu, Duration readingCpu, Optional<Duration> tsharkCpu) {}
