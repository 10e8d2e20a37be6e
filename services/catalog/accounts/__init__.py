"""Bank accounts, of which only a seal is kept: enough to see that two are the same, too little to read one."""
