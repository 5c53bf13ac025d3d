"""Chỗ của module google.colab, để bài học biết mình đang ở Colab."""
