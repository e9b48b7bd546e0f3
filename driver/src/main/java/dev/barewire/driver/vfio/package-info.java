/**
 * The {@code vfio:} way to a card: container, group and device of linux/vfio.h behind an IOMMU. No card is known here,
 * and nothing outside this package issues a VFIO request.
 */
package dev.barewire.driver.vfio;
