-- The simulated gateway keeps its books in a database of its own, as another party's would be.
CREATE DATABASE gateway;
