from tianbao.cli import main

main()
