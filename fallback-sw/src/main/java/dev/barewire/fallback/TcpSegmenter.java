package dev.barewire.fallback;
import dev.barewire.dma.*;
public final class TcpSegmenter { public TcpSegmenter(BufferPool p, CopyLedger l) {} public boolean begin(SegmentList s, FrameHeaders h, int mss) { return false; } public boolean next(SegmentList s) { return false; } public boolean hasNext() { return false; } }
