"""Values for and from other systems, in the shape of DHIS2's dataValueSets."""
