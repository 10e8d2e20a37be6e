"""What is sold where and when: units and paise by product, place of the seller and hour, net of what fell through."""
