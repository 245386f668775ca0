/**
 * Where the time of a run goes: what {@code --timings} prints.
 *
 * <p>{@link org.mssbridge.timing.Stopwatch} is the entry point for who has something to measure;
 * the one that ignores everything is used unless a user asks. A {@link
 * org.mssbridge.timing.RunningStopwatch} gives {@link org.mssbridge.timing.Timings}, a value, and
 * {@link org.mssbridge.timing.TimingsText} puts it into lines.
 *
 * <p>What was not measured, or cannot be on this system, is absent, never zero.
 */
package org.mssbridge.timing;
