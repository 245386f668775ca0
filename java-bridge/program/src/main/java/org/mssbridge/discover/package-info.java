/**
 * Finds which of many captures saw the same connections, whatever their names.
 *
 * <p>A file is read once: {@code CaptureLoader} makes the fingerprints of its connections, and the
 * case keeps them by the SHA-256 of the file. {@code SharedKeys} finds the captures that hold
 * values which few others hold, {@code Candidates} those worth comparing, {@code Links} compares
 * these, {@code Rotation} joins the captures of one point, and {@code Paths} groups points and
 * orders them. Who is which is decided by {@code pairing} alone. {@code Matching} is what can be
 * done on many machines: the keys and the comparisons.
 *
 * <p>Nothing is guessed: a pair of captures counts only if connections prove themselves; a value
 * that too many captures hold is not used; what could be one of several is left over, with its
 * reason.
 *
 * <p>{@link org.mssbridge.discover.Discovery} is the entry point.
 */
package org.mssbridge.discover;
