package dev.barewire.tools.frames;

/**
 * One end of a conversation.
 *
 * @param mac its Ethernet address, 48 bits
 * @param ip its IPv4 address
 * @param port its UDP port, 0 where none is needed
 */
public record Station(long mac, int ip, int port) {
    /** The Ethernet address of all stations. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    /**
     * Makes an IPv4 address.
     *
     * @param a its first byte on the wire
     * @param b the second
     * @param c the third
     * @param d the last
     * @return 32 bits
     */
    public static int ip(int a, int b, int c, int d) {
        return a << 24 | b << 16 | c << 8 | d;
    }

    /**
     * Writes an IPv4 address for people.
     *
     * @param ip the address
     * @return such as {@code 10.0.2.15}
     */
    public static String text(int ip) {
        return (ip >>> 24) + "." + (ip >>> 16 & 0xff) + "." + (ip >>> 8 & 0xff) + "." + (ip & 0xff);
    }
}
