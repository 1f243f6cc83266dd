"""Words as registers write them, made plain: HTML, capitals, numbers, dates, postcodes."""
