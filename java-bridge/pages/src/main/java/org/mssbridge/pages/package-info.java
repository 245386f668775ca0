/**
 * Writes the man pages and the completion of bash, zsh and fish from the commands and options of
 * the program, at build time. {@link org.mssbridge.pages.WritePages} is the entry point.
 *
 * <p>Guarantees: every command has a page, every option is on the page of its command and in each
 * completion; the same program gives the same bytes.
 */
package org.mssbridge.pages;
