"""What a long run stands on, and how it is broken: the network, the disks, the servers."""
