"""Problems, events, clock, periods and the page shell: what every room stands on."""
