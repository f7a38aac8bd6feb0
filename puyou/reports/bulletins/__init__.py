"""一键成文: bulletins, interview outlines and briefings whose sentences the machine writes from linked figures."""
