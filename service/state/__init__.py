"""What people did and who they are: a relational store apart from the warehouse."""
