package dev.barewire.tools.demo.transfer;

/** The layout of a transfer's datagrams: byte offsets from the start of the UDP payload, values in network byte order. */
public final class TransferHeader {
    /** 16 bits that every datagram starts with. */
    public static final int MAGIC = 0;
    /** 8 bits: {@link #OFFER}, {@link #ACK} or {@link #DATA}. */
    public static final int TYPE = 2;
    /** 32 bits: which transfer the datagram belongs to. */
    public static final int SESSION = 4;
    /** 32 bits: OFFER: bytes of a chunk; ACK: the lowest chunk that is missing; DATA: the chunk's number. */
    public static final int NUMBER = 8;
    /** 32 bits: OFFER: bytes of the file; ACK: 0; DATA: bytes of the chunk, which follow. */
    public static final int LENGTH = 12;
    /** Where the data of a DATA datagram start: the length of the header. */
    public static final int DATA_START = 16;
    /** ACK, 64 bits: bit i tells whether chunk NUMBER + 1 + i is there. */
    public static final int RECEIVED = 16;
    /** The length of an ACK. */
    public static final int ACK_BYTES = 24;

    /** The value at {@link #MAGIC}. */
    public static final short MAGIC_VALUE = (short) 0xba5e;
    /** A file is offered. */
    public static final byte OFFER = 1;
    /** Chunks, or the offer, have arrived. */
    public static final byte ACK = 2;
    /** A chunk. */
    public static final byte DATA = 3;

    private TransferHeader() {
    }
}
