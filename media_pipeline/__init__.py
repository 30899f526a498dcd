"""Files and pictures: what comes in is checked, made anew and kept; what goes out says what it is."""
