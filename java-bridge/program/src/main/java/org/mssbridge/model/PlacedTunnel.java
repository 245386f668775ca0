package org.mssbridge.model;

/**
 * An encrypted tunnel at one place of a file that holds several.
 *
 * @param place as people know it, such as {@code eth0}
 * @param tunnel its packets there, with their numbers in the file
 */
public record PlacedTunnel(String place, EncryptedTunnel tunnel) {}
