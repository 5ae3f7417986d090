// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An ERC-20 token with the bad habits of real ones.
contract Coin {
    enum Habit {
        Plain,
        ReturnsNothing,
        ReturnsFalse,
        TakesAFee,
        CallsBack
    }

    Habit public habit;
    mapping(address holder => uint256 amount) public balanceOf;
    mapping(address holder => mapping(address spender => uint256 amount)) public allowance;
    address private _target;
    bytes private _call;
    uint256 public reentered; // calls back that succeeded

    constructor(Habit habit_) {
        habit = habit_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function shrink(address holder, uint256 to) external {
        balanceOf[holder] = to;
    }

    function reenter(address target, bytes calldata data) external {
        (_target, _call) = (target, data);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
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
        if (habit == Habit.ReturnsFalse) return false;
        if (habit == Habit.CallsBack) {
            // Before the balances change, which is the worst moment.
            (bool ok,) = _target.call(_call);
            if (ok) ++reentered;
        }
        balanceOf[from] -= amount;
        balanceOf[to] += habit == Habit.TakesAFee ? amount - amount / 100 : amount;
        if (habit == Habit.ReturnsNothing) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }
}
