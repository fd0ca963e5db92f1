from mpi4py import MPI

world = MPI.COMM_WORLD
rank, size = world.Get_rank(), world.Get_size()
part = sum(range(rank, 1_000_001, size))
total = world.reduce(part)
nodes = world.gather(MPI.Get_processor_name())
if rank == 0:
    with open("out", "w") as out:
        out.write("%d processes on %s\n%d\n" % (size, " ".join(sorted(nodes)), total))
