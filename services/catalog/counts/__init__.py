"""How many groups there are, by place, programme, activity, federation, or why they are not active."""
