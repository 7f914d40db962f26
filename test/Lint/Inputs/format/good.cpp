int well(int spaced);
