"""What can be proven of deploy/k8s without a cluster: it renders, fits its schemas, keeps our own rules."""
