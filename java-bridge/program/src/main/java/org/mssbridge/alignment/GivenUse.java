package org.mssbridge.alignment;

import org.mssbridge.model.Given;

/**
 * How what the user gave was used.
 *
 * @param given what the user gave
 * @param connections how many connections of a point are said to be others at the next one, and
 *     that one has these
 * @param contradicted how many of them are not, since their packets show that they are different:
 *     they are paired as if nothing were given
 */
public record GivenUse(Given given, int connections, int contradicted) {}
