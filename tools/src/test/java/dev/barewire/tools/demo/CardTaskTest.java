package dev.barewire.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import dev.barewire.tools.demo.transfer.FileShape;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CardTaskTest {
    @Test
    void shouldReadWhatItHasWritten() {
        CardTask task = new CardTask("vfio:0000:00:03.0", 9000, new FileShape(1 << 20, 8896), Path.of("/a/b=c d"),
                Map.of(Offload.HEADER_SPLIT, Force.OFF, Offload.TX_UDP_CHECKSUM, Force.SOFTWARE));
        assertThat(CardTask.parse(task.arguments().toArray(String[]::new))).isEqualTo(task);
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> CardTask.parse("speed=11")).hasMessageContaining("speed=11");
    }
}
