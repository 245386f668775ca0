/**
 * Every segment at every capture point, and what became of it on the way to the next: {@link
 * org.mssbridge.packets.PacketTable} writes them as a table, {@link
 * org.mssbridge.packets.MissingCaptures} copies those that another point lacks.
 */
package org.mssbridge.packets;
