// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An ERC-20 token for tests, with one bad habit of real ones or none. Anyone may mint. Token.hex is its
/// creation code, which contracts/token.mjs makes (go generate); coin.go says what each habit is.
contract Token {
    uint8 private immutable HABIT;
    mapping(address holder => uint256 amount) private _balances;
    mapping(address holder => mapping(address spender => uint256 amount)) public allowance;

    constructor(uint8 habit) {
        HABIT = habit;
    }

    function mint(address to, uint256 amount) external {
        _balances[to] += amount;
    }

    function balanceOf(address holder) external view returns (uint256) {
        if (HABIT == 6) return 1e30;
        return _balances[holder];
    }

    function decimals() external view returns (uint8) {
        require(HABIT != 3);
        return 2;
    }

    function symbol() external view returns (string memory) {
        require(HABIT != 3);
        if (HABIT == 7) return "\u001b[2Jwei";
        if (HABIT == 8) return string(new bytes(200_000));
        if (HABIT == 9) for (uint256 i = 0;; ++i) keccak256(abi.encode(i));
        if (HABIT == 10) {
            assembly {
                mstore(0, "OLD")
                return(0, 32)
            }
        }
        return "TOK";
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        require(HABIT != 1 || amount == 0 || allowance[msg.sender][spender] == 0);
        if (HABIT == 4) return false;
        if (HABIT == 5) revert();
        if (HABIT == 11) for (uint256 i = 0; i < 40_000; ++i) allowance[address(this)][spender] = i;
        allowance[msg.sender][spender] = amount;
        _nothing();
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        _balances[from] -= amount;
        _balances[to] += HABIT == 2 ? amount - amount / 100 : amount;
        _nothing();
        return true;
    }

    function _nothing() private view {
        if (HABIT == 1) {
            assembly {
                return(0, 0)
            }
        }
    }
}
