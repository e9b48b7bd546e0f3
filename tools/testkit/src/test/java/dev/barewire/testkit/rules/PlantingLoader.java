package dev.barewire.testkit.rules;

import java.io.IOException;
import java.io.InputStream;

/** Loads this project's classes anew, one of the driver's with a mistake in it; all others as they are. */
final class PlantingLoader extends ClassLoader {
    private final Plant plant;
    private boolean planted;
    private RuntimeException refusal;

    /**
     * Makes one.
     *
     * @param plant the mistake, or null for none
     */
    PlantingLoader(final Plant plant) {
        super(PlantingLoader.class.getClassLoader());
        this.plant = plant;
    }

    /** Throws if there was no place for the mistake, or nobody has come by it. */
    void requirePlanted() {
        if (refusal != null) {
            throw refusal;
        }
        if (plant != null && !planted) {
            throw new IllegalStateException("nothing has loaded " + plant.owner() + ", so '" + plant.what() + "' was not planted");
        }
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.barewire.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private byte[] plant(final byte[] bytes) {
        try {
            final byte[] changed = plant.apply(bytes);
            planted = true;
            return changed;
        } catch (final RuntimeException refused) {
            refusal = refused;
            throw refused;
        }
    }

    private Class<?> define(final String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            if (plant != null && name.equals(plant.owner())) {
                bytes = plant(bytes);
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (final IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
