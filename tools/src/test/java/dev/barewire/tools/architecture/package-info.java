/**
 * The walls of the project as tests: who may import whom, where raw addresses and bulk copies may stand. The folder
 * {@code fixture} is a small project that breaks every rule, so that each is seen to fail. No behaviour is tested here.
 */
package dev.barewire.tools.architecture;
