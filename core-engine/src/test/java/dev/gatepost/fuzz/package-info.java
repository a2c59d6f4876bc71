/** Drives the fuzz targets that lie beside the code they try. */
package dev.gatepost.fuzz;
