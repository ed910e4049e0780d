"""Random draws of sums of products: streams, quantile tables and kernels. Knows no mercury, only arrays."""
