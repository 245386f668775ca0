/**
 * Reads and writes capture files: pcap, pcapng and gzip, with one reader for all callers.
 *
 * <p>The sieve, the annotator and the merger use the same reader. The caller passes a {@link
 * org.mssbridge.capturefile.Strictness} that decides what happens if a file deviates from the
 * specification of its format (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng): the sieve rejects
 * such a file, the others continue as tshark does. The reader follows tshark in which blocks are
 * frames, which options are ignored, and where damage ends a file; so its frame numbers are the
 * same as tshark's.
 *
 * <p>Reading creates no object per record and holds blocks of up to 16 MiB in memory. Lengths in a
 * file may be hostile: none is used before it is checked against the available bytes. Inputs are
 * never written to; an output appears whole or not at all (see {@code output}).
 *
 * <p>{@link org.mssbridge.capturefile.CaptureRecords} is the entry point for reading: a cursor over
 * the records of either format ({@code PcapRecords}, {@code PcapngRecords}). {@link
 * org.mssbridge.capturefile.AnnotatedCapture} and {@link org.mssbridge.capturefile.MergedCapture}
 * write captures. {@link org.mssbridge.capturefile.CaptureFile} and {@link
 * org.mssbridge.capturefile.DigestedCapture} are about the file itself. Each part of the formats
 * has its own class: {@code Magic}, {@code CaptureCompression}, {@code PcapHeader}, {@code
 * BlockType}, {@code OptionList}, {@code OptionCode}, {@code InterfaceDescription}, {@code
 * TimeResolution}.
 */
package org.mssbridge.capturefile;
