package dev.barewire.profiles;

import java.io.Serial;

/** A profile that cannot be used: names file, line, column and key. */
public final class ProfileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    ProfileException(final String message) {
        super(message);
    }
}
