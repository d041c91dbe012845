"""What the window knows of the store: read and told in threads of their own, without Qt."""
